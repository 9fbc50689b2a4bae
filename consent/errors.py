"""What can go wrong in a way that a person must be told.

    ConsentError             something a person must be told; `str()` is safe to show
    ├── NotFound             no such thing, or not for you
    ├── NotAllowed           you may not do this
    ├── Conflict             the state has moved on
    ├── Refused              the gate says no
    ├── Misconfigured        the installation cannot run like this
    └── Unusable             the file cannot be judged
        ├── UnknownFormat
        ├── TooLarge
        ├── Encrypted
        ├── Damaged
        └── Film             it moves, or is sound; not a photo

Messages never hold a person's name: they reach logs and the job tables.
The docstring is the message where none is given.
"""


class ConsentError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class NotFound(ConsentError):
    """This does not exist, or is not for you."""


class NotAllowed(ConsentError):
    """You may not do this."""


class Conflict(ConsentError):
    """Something changed in the meantime. Look again before you go on."""


class Refused(ConsentError):
    """The gate does not let this through."""


class Misconfigured(ConsentError):
    """The installation cannot run like this."""


class Unusable(ConsentError):
    """This file cannot be judged."""


class UnknownFormat(Unusable):
    """This is not a kind of picture, film or sound that can be judged."""


class TooLarge(Unusable):
    """This file is larger than allowed."""


class Encrypted(Unusable):
    """This file is protected by a password or by copy protection."""


class Damaged(Unusable):
    """This file is damaged and cannot be read as a whole."""


class Film(Unusable):
    """This is a film or an animation, not a photo."""
