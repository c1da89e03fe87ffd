"""What an error code of the Official Account API means for a reply that could not be sent."""

from __future__ import annotations

from enum import StrEnum

from bot.delivery import Rejected, Retry, SendError, Unreachable

RENEW = frozenset({-216, -220})  # the access token is refused: renew it and try once more
NO_BUTTONS = frozenset({-224, -233})  # the account's package, or this kind of message, has no buttons: text from now on
BAD_BUTTONS = frozenset({-201, -210})  # these buttons were not understood: this message as text
RATE_SECONDS = 15.0
ADMIN_SECONDS = 900.0  # how often to look whether an administrator has mended it


class Policy(StrEnum):
    """Whose turn it is."""

    WAIT = "wait"  # passes by itself: tried again by the schedule
    RATE = "rate"  # too fast: tried again soon, and the try does not count
    ADMIN = "admin"  # nobody gets anything until somebody acts in Zalo's console
    PERSON = "person"  # this person cannot be written to
    MESSAGE = "message"  # this message will never be taken


class AdminNeeded(Retry):
    """Replies wait until an administrator has acted. Its text says what to do."""


_CODES: dict[int, tuple[Policy, str]] = {
    -32: (Policy.RATE, "rate limit reached"),
    -100: (Policy.MESSAGE, "attachment expired"),
    -200: (Policy.WAIT, "send failed"),
    -201: (Policy.MESSAGE, "a parameter is invalid"),
    -204: (Policy.ADMIN, "the Official Account is disabled"),
    -205: (Policy.ADMIN, "the Official Account does not exist"),
    -209: (Policy.ADMIN, "the app is not activated"),
    -210: (Policy.MESSAGE, "a parameter exceeds its limit"),
    -211: (Policy.ADMIN, "the Official Account's quota is used up"),
    -212: (Policy.ADMIN, "the app is not registered for this API"),
    -213: (Policy.PERSON, "the person does not follow the Official Account"),
    -216: (Policy.WAIT, "access token refused again after renewal"),
    -217: (Policy.PERSON, "the person blocked invitations"),
    -218: (Policy.MESSAGE, "the person's receive quota is used up"),
    -219: (Policy.ADMIN, "the app was removed"),
    -220: (Policy.WAIT, "access token expired again after renewal"),
    -221: (Policy.ADMIN, "the Official Account is not verified"),
    -223: (Policy.ADMIN, "the Official Account has not authorised this API"),
    -224: (Policy.ADMIN, "the Official Account's package has to be upgraded"),
    -227: (Policy.PERSON, "the person's account is banned or inactive"),
    -230: (Policy.PERSON, "no interaction within 7 days"),
    -232: (Policy.PERSON, "no interaction, or it expired"),
    -233: (Policy.MESSAGE, "message type unsupported"),
    -235: (Policy.ADMIN, "this type of Official Account is not supported"),
    -240: (Policy.MESSAGE, "this version of the API was shut down"),
    -244: (Policy.PERSON, "the person restricted this type of message"),
    -248: (Policy.MESSAGE, "against the platform's standards"),
    -320: (Policy.ADMIN, "the app is not linked to a Zalo Cloud Account"),
    -321: (Policy.ADMIN, "the Zalo Cloud Account cannot pay"),
}


def error_of(code: int) -> SendError:
    """The error to raise for a code other than 0. Unknown codes are tried again by the schedule, then given up on."""
    policy, meaning = _CODES.get(code, (Policy.WAIT, "unknown error"))
    message = f"Zalo OA error {code}: {meaning}"
    match policy:
        case Policy.RATE:
            return Retry(message, after=RATE_SECONDS)
        case Policy.ADMIN:
            return AdminNeeded(message, after=ADMIN_SECONDS)
        case Policy.PERSON:
            return Unreachable(message)
        case Policy.MESSAGE:
            return Rejected(message)
        case Policy.WAIT:
            return Retry(message)
