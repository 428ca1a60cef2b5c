"""A bundle as large as it is wanted, made of what Synthea tells."""

import json
import re
from uuid import UUID, uuid5

from tests.fhir import PATIENTS, SNILS, synthea

ADDRESS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def large(megabytes: float, snils: str = SNILS, copy: int = 0) -> bytes:
    """Return a transaction of one person: what Synthea tells of three, again and again under other addresses."""
    first = synthea(PATIENTS[1], snils)["entry"]
    patient = next(each for each in first if each["resource"]["resourceType"] == "Patient")
    stays, entries, size = patient["resource"]["id"], [patient], 0
    while size < megabytes * 1e6:
        for name in PATIENTS:
            copy += 1
            told = synthea(name)["entry"]
            whose = next(each["resource"]["id"] for each in told if each["resource"]["resourceType"] == "Patient")
            others = [each for each in told if each["resource"]["resourceType"] != "Patient"]
            text = ADDRESS.sub(lambda found: _another(found[0], whose, stays, copy), json.dumps(others))  # noqa: B023
            entries += json.loads(text)
            size += len(text)
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def _another(address: str, whose: str, stays: str, copy: int) -> str:
    return stays if address == whose else str(uuid5(UUID(address), str(copy)))
