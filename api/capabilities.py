"""What programs of clinics can find out before they send anything."""

from typing import Any

from core.domain.resource import NAMED

SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
DATED = "2026-11-29"
SEARCHED: dict[str, Any] = {
    "interaction": [{"code": "create"}, {"code": "update"}, {"code": "search-type"}],
    "searchParam": [{"name": "date", "type": "date"}, {"name": "_lastUpdated", "type": "date"}],
}
"""What a clinic reads back: the appointments in facilities of its own."""


def capabilities(public_url: str, version: str) -> dict[str, Any]:
    """Return the CapabilityStatement."""
    interactions = [{"code": "create"}, {"code": "update"}]
    service = {
        "cors": False,
        "service": [{"coding": [{"system": SECURITY, "code": "SMART-on-FHIR"}]}],
        "description": "OAuth 2 client credentials with private_key_jwt, from registered addresses.",
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATED,
        "kind": "instance",
        "software": {"name": "Medkarta", "version": version},
        "implementation": {"description": "Intake of medical data from clinics", "url": f"{public_url}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Every other resource type of R4 is taken as well and kept as it came.",
                "security": service,
                "resource": [
                    {
                        "type": type_,
                        "interaction": interactions,
                        "versioning": "versioned",
                        "updateCreate": True,
                        **(SEARCHED if type_ == "Appointment" else {}),
                    }
                    for type_ in NAMED
                ],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def smart(public_url: str) -> dict[str, Any]:
    """Return the configuration of SMART's backend services."""
    return {
        "token_endpoint": f"{public_url}/oauth/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384", "RS256", "ES256"],
        "scopes_supported": ["system/*.cu", "system/Appointment.s"],
        "capabilities": ["client-confidential-asymmetric"],
    }
