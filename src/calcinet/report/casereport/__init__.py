"""A case report in draft: CARE's thirteen items, filled from records and from nothing else."""

from calcinet.report.casereport.draft import Draft, Examination, Photo, draft

__all__ = ["Draft", "Examination", "Photo", "draft"]
