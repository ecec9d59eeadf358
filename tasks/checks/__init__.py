"""What can be said, without a model, of whether an English sentence is a translation of a French one."""

from tasks.checks.agreement import numbers_agree
from tasks.checks.finding import Finding, details
from tasks.checks.names import missing_names
from tasks.checks.pair import check, findings, flags_of, is_doubtful, penalty

__all__ = [
    "Finding",
    "check",
    "details",
    "findings",
    "flags_of",
    "is_doubtful",
    "missing_names",
    "numbers_agree",
    "penalty",
]
