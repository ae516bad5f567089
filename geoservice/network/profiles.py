"""The vehicles that the network is driven by."""

from geoservice.errors import UnknownNameError

PROFILES = ("car",)


def check_profile(profile: str) -> None:
    """Refuse a vehicle that is not known.

    Raises
    ------
    UnknownNameError
        Naming those there are.
    """
    if profile not in PROFILES:
        raise UnknownNameError(
            f"profile {profile!r} is not known; there are: {', '.join(PROFILES)}",
            zh=f"profile {profile!r} 无法识别；可用：{'、'.join(PROFILES)}",
            where="profile",
        )
