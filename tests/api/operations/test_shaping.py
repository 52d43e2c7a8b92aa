import pytest

from contenthub.api.operations.options import BadOptions, Options, read_options
from contenthub.api.operations.shaping import cut, find, is_empty, shape

ITEM = {
    "key": "welcome",
    "cta": {"label": "Go", "link": {"url": "https://x.example"}},
    "journey": [{"code": "a"}, {"code": "b"}],
    "texts": [{"name": "n", "text": "t"}],
    "image": None,
    "_locale": {"code": "en"},
    "_arm": [{"arm": "blue"}],
}


@pytest.mark.parametrize(
    ("style", "flat"),
    [
        ("json", {**ITEM, "_locale": "en", "_arm": "blue"}),
        (
            "joined",
            {
                "key": "welcome",
                "cta_label": "Go",
                "cta_link_url": "https://x.example",
                "journey": "a,b",
                "texts_0_name": "n",
                "texts_0_text": "t",
                "image": None,
                "_locale": "en",
                "_arm": "blue",
            },
        ),
        (
            "dotted",
            {
                "key": "welcome",
                "cta.label": "Go",
                "cta.link.url": "https://x.example",
                "journey.0.code": "a",
                "journey.1.code": "b",
                "texts.0.name": "n",
                "texts.0.text": "t",
                "image": None,
                "_locale": "en",
                "_arm": "blue",
            },
        ),
    ],
)
def test_an_object_is_made_flat_in_the_style_asked_for(style, flat):
    assert shape({"item": ITEM}, Options(("item",)), style) == flat


def test_a_list_stands_under_items_with_further_values_beside_it():
    data = {"items": {"nodes": [{"key": "a"}, {"key": "b"}], "pageInfo": {"endCursor": "x"}}}
    options = Options(("items", "nodes"), is_list=True, also={"next": ("items", "pageInfo", "endCursor")})

    assert shape(data, options, "json") == {"items": [{"key": "a"}, {"key": "b"}], "next": "x"}


@pytest.mark.parametrize(
    ("path", "found"), [(("a", "0", "b"), 1), (("a", "1", "b"), None), (("x",), None), (("a", "b"), None)]
)
def test_a_path_leads_to_a_value_or_nowhere(path, found):
    data = {"a": [{"b": 1}]}

    assert find(data, path) == found
    assert is_empty(data, Options(path)) is (found is None)


def test_texts_are_cut_wherever_they_stand():
    assert cut({"a": "x" * 10, "b": ["y" * 3, "z" * 4], "c": 7}, 3) == ({"a": "xx…", "b": ["yyy", "zz…"], "c": 7}, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query { x }", "say where"),
        ("# object: a\n# list: b\n", "say where"),
        ("# object: a b\n", "no path"),
        ("# object: a\n# onEmpty: item\n", "onEmpty"),
        ("# object: a\n# onEmpty: found it\n", "onEmpty"),
        ("# object: a\n# lists: comma\n", "lists"),
        ("# object: a\n# maxBytes: 1\n", "maxBytes"),
        ("# object: a\n# lists: json\n# lists: json\n", "said twice"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(text, message):
    with pytest.raises(BadOptions, match=message):
        read_options(text)
