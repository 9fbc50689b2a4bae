"""The words of consent. Pure."""

from enum import StrEnum


class Medium(StrEnum):
    """What is shown or heard of somebody; `name` is the name beside a picture."""

    PHOTO = "photo"
    FILM = "film"
    SOUND = "sound"
    NAME = "name"


class Purpose(StrEnum):
    """What a wording asks. Face matching is biometric processing and never implied by the other (GDPR Art. 9)."""

    PUBLICATION = "publication"
    FACE_MATCHING = "face_matching"


class Answer(StrEnum):
    """One answer. `taken_back` lifts a child's own no without granting anything."""

    YES = "yes"
    NO = "no"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"


class Decider(StrEnum):
    """In which capacity somebody answers: a guardian, or the person whose picture it is."""

    GUARDIAN = "guardian"
    SELF = "self"


class Source(StrEnum):
    """How an answer came in."""

    ONLINE = "online"
    PAPER = "paper"
    TAKEN_OVER = "taken_over"


class Reach(StrEnum):
    """Who can see a channel."""

    CLOSED = "closed"
    PUBLIC = "public"


class Review(StrEnum):
    """Whether every upload is looked at before release, or only the doubtful ones."""

    ALWAYS = "always"
    DOUBTFUL = "doubtful"


class WithoutPermission(StrEnum):
    """What a confirmed person without permission does to an upload."""

    COVER = "cover"
    BLOCK = "block"


class AfterLapse(StrEnum):
    """What becomes of a publication whose permission lapsed without anybody saying no."""

    KEEP_UNTIL_ANSWERED = "keep_until_answered"
    TAKE_DOWN = "take_down"


class Reason(StrEnum):
    """Why something is, or is not, allowed. All that hold are named."""

    ALLOWED = "allowed"
    KEPT_OUT = "kept_out"
    OWN_NO = "own_no"
    GUARDIAN_NO = "guardian_no"
    FORMER_GUARDIAN_NO = "former_guardian_no"
    NO_ANSWER = "no_answer"
    NOT_ALL_GUARDIANS = "not_all_guardians"
    NO_GUARDIAN = "no_guardian"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    EXPIRED = "expired"
    WORDING_CHANGED = "wording_changed"
    NOT_ON_THE_ROLL = "not_on_the_roll"
    CHANNEL_CLOSED = "channel_closed"
