from contenthub.delivery.nearness import Contender, Fit, fit_of, in_order, make_topic
from taxonomy.facetview import TermView
from tests.delivery.published import DAY, NOW


def term(pk, *broader):
    made = TermView(id=pk, code=f"journey:{pk}", facet="journey", uri="", position=0, is_retired=False, attributes={})
    made.broader = broader
    for above in broader:
        above.children += (made,)
    return made


def test_terms_on_the_same_line_are_near_and_others_are_not():
    root = term(1)
    middle = term(2, root)
    leaf, other = term(3, middle), term(4, root)

    assert make_topic("journey", 7, [middle]).steps == {2: 0, 1: 1, 3: 1}
    assert make_topic("journey", 7, [leaf, other]).steps == {3: 0, 2: 1, 1: 1, 4: 0}


def test_the_shortest_way_counts_where_a_term_has_several_parents():
    root = term(1)
    middle = term(2, root)
    leaf = term(3, middle, root)

    assert make_topic("journey", 7, [leaf]).steps == {3: 0, 2: 1, 1: 1}


def test_an_item_fits_by_facets_met_then_by_steps_to_its_closest_term():
    topics = [make_topic("journey", 7, [term(1)]), make_topic("product", 8, [term(5)])]

    assert fit_of(3, [1, 9], topics, {9: 2, 10: 4}) == Fit(3, facets_met=1, steps=0, audience_depth=2)
    assert fit_of(0, [], topics, {}) == Fit(0)


def test_the_order_is_by_priority_facets_steps_audience_time_and_key():
    best_first = [
        Contender(1, NOW - DAY, "z", Fit(1)),
        Contender(2, NOW - DAY, "y", Fit(0, 2, 3, 0)),
        Contender(3, NOW - DAY, "x", Fit(0, 1, 0, 0)),
        Contender(4, NOW - DAY, "w", Fit(0, 1, 1, 2)),
        Contender(5, NOW, "v", Fit(0, 1, 1, 1)),
        Contender(6, NOW, "w", Fit(0, 1, 1, 1)),
        Contender(7, NOW - DAY, "a", Fit(0, 1, 1, 1)),
        Contender(8, NOW, "a", Fit(-1, 4, 0, 9)),
    ]

    assert in_order(reversed(best_first)) == best_first
