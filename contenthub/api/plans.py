"""Answering by plans: what a query selects of each type is worked out once, then values are walked through it.

A plan gives what graphql-core gives as long as nothing goes wrong. Where anything does, it is abandoned, and
graphql-core answers instead: it alone says what an error looks like and which of its parents become null.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence, Sized
from typing import Any

from graphql import (
    ExecutionContext,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    Visitor,
    default_field_resolver,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    visit,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from graphql.execution.execute import get_field_def
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.pyutils import Path

from .context import RequestContext
from .lasting import lasting_selection, once

_MOST_PLANS = 16  # of one operation: one for each set of values that decide what is skipped or included

Complete = Callable[["_Run", GraphQLResolveInfo, Any], Any]
# The key of a field, its resolver, what that is told, its arguments, and how its value is completed.
_Bound = tuple[str, Callable[..., Any], GraphQLResolveInfo, dict[str, Any], Complete]


class Abandoned(Exception):
    """Raised where graphql-core is to answer instead."""


class Plans:
    """The plans of a query's operations, each made when it is first asked for."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operations: dict[str | None, OperationDefinitionNode],
        fragments: dict[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._fragments = fragments
        self._made: dict[str | None, OperationPlans] = {}

    def of(self, name: str | None) -> "OperationPlans":
        """Return the plans of the operation of a name; None: of the only one."""
        if name not in self._made:
            operation = self._operations[name] if name is not None else next(iter(self._operations.values()))
            self._made[name] = OperationPlans(self._schema, self._fragments, operation)
        return self._made[name]


class OperationPlans:
    """The plans of one operation."""

    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], operation: OperationDefinitionNode
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.operation = operation
        deciding = _Deciding()
        for node in (operation, *fragments.values()):
            visit(node, deciding)
        self._deciding = sorted(deciding.names)
        self._plans: OrderedDict[tuple[Any, ...], list[_Field]] = OrderedDict()

    def run(self, context: RequestContext, given: dict[str, Any]) -> dict[str, Any]:
        """Return the data of the answer.

        Raises:
            Abandoned: something is wrong with a variable or a value; nothing is said of what.
        """
        variables = get_variable_values(self.schema, self.operation.variable_definitions or (), given, max_errors=1)
        if isinstance(variables, list):
            raise Abandoned
        run, plan, data = _Run(self, context, variables), self._plan(variables), {}
        for field in plan:
            context.overlay.leave()  # root fields are answered one after the other
            data[field.key] = field.answer(run, None)
        context.root_fields = [(field.name, field.arguments(run)) for field in plan]
        return data

    def _plan(self, variables: dict[str, Any]) -> "list[_Field]":
        decided = tuple(variables.get(name) for name in self._deciding)
        plan = self._plans.get(decided)
        if plan is None:
            root = self.schema.query_type
            chosen = collect_fields(self.schema, self.fragments, variables, root, self.operation.selection_set)
            plan = self._plans[decided] = _fields_of(self, root, chosen, variables)
            while len(self._plans) > _MOST_PLANS:
                self._plans.popitem(last=False)
        return plan


class _Run:
    """One request on its way through a plan."""

    __slots__ = ("arguments", "bound", "context", "infos", "operation", "variables")

    def __init__(self, operation: OperationPlans, context: RequestContext, variables: dict[str, Any]) -> None:
        self.operation = operation
        self.context = context
        self.variables = variables
        self.infos: dict[_Field, GraphQLResolveInfo] = {}
        self.bound: dict[Complete, list[_Bound]] = {}
        self.arguments: dict[_Field, dict[str, Any]] = {}


class Info(GraphQLResolveInfo):
    """What a resolver is told where a plan runs; ``kept`` holds what is the same whenever this plan does."""

    kept: dict[Any, Any]


class _Field:
    """One field of an answer: how it is resolved, with which arguments, and how its value is completed."""

    __slots__ = ("_arguments", "_complete", "_definition", "_info", "_kept", "_nodes", "_resolve", "key", "name")

    def __init__(
        self,
        operation: OperationPlans,
        key: str,
        parent: GraphQLObjectType,
        nodes: list[FieldNode],
        variables: dict[str, Any],
    ) -> None:
        self.key = key
        self.name = nodes[0].name.value
        self._nodes = nodes
        self._definition = get_field_def(operation.schema, parent, nodes[0])
        if self._definition is None:
            raise Abandoned
        self._resolve = self._definition.resolve or default_field_resolver
        # Arguments without variables are the same in every request.
        is_fixed = not _variables_in(nodes[0].arguments)
        self._arguments = get_argument_values(self._definition, nodes[0], {}) if is_fixed else None
        self._complete = _completing(operation, self._definition.type, nodes, variables)
        self._kept: dict[Any, Any] = {}
        self._info = Info(
            field_name=self.name,
            field_nodes=nodes,
            return_type=self._definition.type,
            parent_type=parent,
            path=Path(None, key, parent.name),
            schema=operation.schema,
            fragments=operation.fragments,
            root_value=None,
            operation=operation.operation,
            variable_values={},
            context=None,
            is_awaitable=ExecutionContext.is_awaitable,
        )

    def answer(self, run: _Run, source: Any) -> Any:
        """Return the completed value of the field."""
        _, resolve, info, arguments, complete = self.bind(run)
        return complete(run, info, resolve(source, info, **arguments))

    def bind(self, run: _Run) -> "_Bound":
        """Return what all values of this field are answered with in one request."""
        return self.key, self._resolve, run.infos.get(self) or self._begin(run), self.arguments(run), self._complete

    def arguments(self, run: _Run) -> dict[str, Any]:
        """Return the arguments of the field in a request that it was answered in."""
        return run.arguments[self] if self._arguments is None else self._arguments

    def _begin(self, run: _Run) -> Info:
        """Work out what all values of this field share in one request."""
        if self._arguments is None:
            run.arguments[self] = get_argument_values(self._definition, self._nodes[0], run.variables)
        info = run.infos[self] = self._info._replace(variable_values=run.variables, context=run.context)
        info.kept = self._kept
        return info


def _fields_of(
    operation: OperationPlans,
    parent: GraphQLObjectType,
    chosen: dict[str, list[FieldNode]],
    variables: dict[str, Any],
) -> list[_Field]:
    """Return what is selected of one type, in the order of the answer."""
    return [_Field(operation, key, parent, nodes, variables) for key, nodes in chosen.items()]


def _completing(
    operation: OperationPlans, kind: GraphQLOutputType, nodes: list[FieldNode], variables: dict[str, Any]
) -> Complete:
    """Return what makes of a resolved value what stands in the answer."""
    if is_non_null_type(kind):
        if is_leaf_type(kind.of_type):
            return _serializing(kind.of_type, is_demanded=True)
        return _demanding(_completing(operation, kind.of_type, nodes, variables))
    if is_list_type(kind):
        return _listing(_completing(operation, kind.of_type, nodes, variables))
    if is_leaf_type(kind):
        return _serializing(kind)
    if is_object_type(kind):
        return _selecting(operation, kind, nodes, variables)
    return _choosing(operation, kind, nodes, variables)


def _demanding(inner: Complete) -> Complete:
    def complete(run: _Run, info: GraphQLResolveInfo, value: Any) -> Any:
        found = inner(run, info, value)
        if found is None:
            raise Abandoned
        return found

    return complete


def _listing(inner: Complete) -> Complete:
    def complete(run: _Run, info: GraphQLResolveInfo, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, str | bytes | dict | Exception):
            raise Abandoned
        if isinstance(value, Sized):
            run.context.spend(len(value))
        return [inner(run, info, one) for one in value]

    return complete


def _serializing(kind: GraphQLLeafType, *, is_demanded: bool = False) -> Complete:
    serialize, is_text = kind.serialize, kind is GraphQLString

    def complete(run: _Run, info: GraphQLResolveInfo, value: Any) -> Any:
        if is_text and type(value) is str:
            return value
        if value is None and not is_demanded:
            return None
        if value is None or isinstance(value, Exception):
            raise Abandoned
        found = serialize(value)
        if found is None or found is Undefined:
            raise Abandoned
        return found

    return complete


def _selecting(
    operation: OperationPlans, kind: GraphQLObjectType, nodes: list[FieldNode], variables: dict[str, Any]
) -> Complete:
    chosen = collect_sub_fields(operation.schema, operation.fragments, variables, kind, nodes)
    fields, is_type_of = _fields_of(operation, kind, chosen, variables), kind.is_type_of

    def select(run: _Run, info: GraphQLResolveInfo, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, Exception) or (is_type_of is not None and not is_type_of(value, info)):
            raise Abandoned
        bound = run.bound.get(select)
        if bound is None:
            bound = run.bound[select] = [field.bind(run) for field in fields]
        return {
            key: complete(run, told, resolve(value, told, **arguments))
            for key, resolve, told, arguments, complete in bound
        }

    selection = lasting_selection(kind, ((key, found[0]) for key, found in chosen.items()))
    return once(selection, select) if selection else select


def _choosing(
    operation: OperationPlans, kind: GraphQLAbstractType, nodes: list[FieldNode], variables: dict[str, Any]
) -> Complete:
    plans: dict[str, Complete] = {}
    resolve_type = kind.resolve_type
    if resolve_type is None:
        raise Abandoned

    def complete(run: _Run, info: GraphQLResolveInfo, value: Any) -> Any:
        if value is None:
            return None
        name = resolve_type(value, info, kind)
        chosen = plans.get(name)
        if chosen is None:
            concrete = operation.schema.type_map.get(name) if isinstance(name, str) else None
            if not is_object_type(concrete) or not operation.schema.is_sub_type(kind, concrete):
                raise Abandoned
            # What is included was decided by the values that chose this plan: they are those of this request.
            chosen = plans[name] = _selecting(operation, concrete, nodes, run.variables)
        return chosen(run, info, value)

    return complete


class _Deciding(Visitor):
    """Collects the variables that decide what is skipped or included."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: Any, *_: object) -> None:
        self.names |= _variables_in(node.arguments)


def _variables_in(nodes: Sequence[Any] | None) -> set[str]:
    found: set[str] = set()

    class Finder(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            found.add(node.name.value)

    for node in nodes or ():
        visit(node, Finder())
    return found
