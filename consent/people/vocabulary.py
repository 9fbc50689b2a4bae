"""The words of the roll. Pure."""

from enum import StrEnum


class PersonKind(StrEnum):
    """Whoever can be in a picture."""

    PUPIL = "pupil"
    STAFF = "staff"
    VOLUNTEER = "volunteer"


class Role(StrEnum):
    """What an account may do. An account can hold several."""

    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    TEACHER = "teacher"
    ADMINISTRATION = "administration"
    MANAGER = "manager"
    OFFICER = "officer"
    ADMIN = "admin"
    SAFETY = "safety"
