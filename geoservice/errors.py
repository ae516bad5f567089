"""What can go wrong.

GeoServiceError
 ├── SetupError               the service cannot start here: folder, port, database, packages
 ├── InputError               what was given is wrong, and where (also a ValueError)
 │    ├── UnknownNameError    a layer, register, kind or column that does not exist
 │    ├── DatumError          the datum is missing, unknown or not to be converted
 │    ├── GeometryError       not a valid shape, or not of the type the layer takes
 │    ├── FileError           a file that cannot be read, or is not what it claims to be
 │    ├── RecordError         a record with several things wrong, each with its field
 │    ├── KeyReusedError      an Idempotency-Key that was used for another request
 │    └── OutsideDistrictError   a place outside the service envelope
 ├── NotFoundError            no such thing, or not in the caller's scope (also a LookupError)
 ├── SignInRequiredError      nobody is signed in
 ├── ForbiddenError           signed in, but not with the role this needs
 ├── ConflictError            the state of things forbids it
 │    ├── VersionError        a record was changed since the caller read it
 │    ├── NoDistrictError     nothing can be stored or asked before a boundary is loaded
 │    └── NoTerrainError      what asks for heights needs terrain first
 ├── ExpiredTokenError        a token of an export that no longer leads to what changed since
 ├── VersionMissingError      a change must say which version of the record it was made on
 ├── BusyError                too much work at once: try again later
 │    └── CrowdedError        the database is worked on by too many (also an UnavailableError)
 └── UnavailableError         the database does not answer
      ├── NoPdfError          no PDF can be made here: no font with Chinese, or printing failed
      └── OutcomeUnknownError lost while it was being written: done or not, nobody can say yet

The class is the meaning (`problems.py` gives each its status and titles); the message names
the thing and the limit it broke, in English and Chinese.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class GeoServiceError(Exception):
    """Root of everything this project raises on purpose.

    Parameters
    ----------
    message
        English: what is wrong, where, and what would be right.
    zh
        The same in Chinese.
    where
        The field, row or parameter at fault, if there is one.
    """

    def __init__(self, message: str, *, zh: str, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.zh = zh
        self.where = where


class SetupError(GeoServiceError):
    """The service cannot start here."""


class InputError(GeoServiceError, ValueError):
    """What was given is wrong."""


class UnknownNameError(InputError):
    """A name that does not exist."""


class DatumError(InputError):
    """The datum is missing, unknown or not to be converted."""


class GeometryError(InputError):
    """Not a valid shape, or not of the type wanted."""


class FileError(InputError):
    """A file that cannot be read or is not what it claims to be."""


class RecordError(InputError):
    """A record cannot be written as it was given.

    Parameters
    ----------
    wrongs
        Everything that is wrong, at least one; each names its field in ``where``.
    """

    def __init__(self, wrongs: Sequence[InputError]) -> None:
        said = [f"{it.where}: {it.message}" if it.where else it.message for it in wrongs]
        said_zh = [f"{it.where}：{it.zh}" if it.where else it.zh for it in wrongs]
        super().__init__("; ".join(said), zh="；".join(said_zh), where=wrongs[0].where)
        self.wrongs = tuple(wrongs)


class OutsideDistrictError(InputError):
    """A place outside the service envelope."""


class KeyReusedError(InputError):
    """An Idempotency-Key that was used for another request."""


class NotFoundError(GeoServiceError, LookupError):
    """No such thing, or not in the caller's scope."""


class SignInRequiredError(GeoServiceError):
    """Nobody is signed in."""


class ForbiddenError(GeoServiceError):
    """Signed in, but without the role this needs."""


class ConflictError(GeoServiceError):
    """The state of things forbids it.

    Parameters
    ----------
    changes
        What is not as the caller takes it to be: ``what``, ``id``, ``code``, ``why``, ``why_zh``
        and perhaps more of each; empty when the message says all.
    """

    def __init__(
        self,
        message: str,
        *,
        zh: str,
        where: str | None = None,
        changes: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message, zh=zh, where=where)
        self.changes = tuple(changes)


class VersionError(ConflictError):
    """A record was changed since the caller read it.

    Parameters
    ----------
    current
        The record as it is now, for the caller to compare with.
    """

    def __init__(self, message: str, *, zh: str, current: Mapping[str, Any]) -> None:
        super().__init__(message, zh=zh, where="If-Match")
        self.current = current


class ExpiredTokenError(GeoServiceError):
    """A token of an export that no longer leads to what changed since."""


class VersionMissingError(GeoServiceError):
    """A change must say which version of the record it was made on."""


class NoDistrictError(ConflictError):
    """Nothing can be stored or asked before a boundary is loaded."""


class NoTerrainError(ConflictError):
    """What asks for heights needs terrain first."""


class BusyError(GeoServiceError):
    """Too much work at once."""


class UnavailableError(GeoServiceError):
    """The database does not answer."""


class CrowdedError(BusyError, UnavailableError):
    """The database is worked on by too many, or by something long."""


class OutcomeUnknownError(UnavailableError):
    """The database was lost in the commit: it is written, or it is not."""


class NoPdfError(UnavailableError):
    """No PDF can be made here: no font has Chinese, or the process that prints failed."""
