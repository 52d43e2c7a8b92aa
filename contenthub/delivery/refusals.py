"""What a reader of the published store can be refused for."""


class BadArgument(ValueError):
    """Raised for a value that cannot be used; the message names the value and the remedy."""

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class UnknownCode(LookupError):
    """Raised for a code that names nothing."""

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class NotAllowed(PermissionError):
    """Raised where the reader lacks a right."""

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class BadCursor(ValueError):
    """Raised for a cursor that is malformed, or that belongs to another question."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor in 'after' does not belong to this filter, order and context: start again without 'after'."
        )
        self.argument = "after"
