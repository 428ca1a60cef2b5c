"""Adapters of the outside: the portal, registries, SMS, mail, files, and the inspector of uploads."""
