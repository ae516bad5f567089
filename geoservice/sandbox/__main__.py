"""`python -m geoservice.sandbox FOLDER`: confine oneself and say how far that went."""

from dataclasses import asdict

from geoservice.sandbox.child import answer, begin

if __name__ == "__main__":
    answer(asdict(begin().confinement))
