"""Papers: the agreement, how it was kept, the pack for the meeting, who will know what; HTML, PDF, three languages."""

from safeconduct.edges.papers.agreement import agreement_paper
from safeconduct.edges.papers.blocks import Paper
from safeconduct.edges.papers.compliance import compliance_paper
from safeconduct.edges.papers.disclosure import disclosure_paper
from safeconduct.edges.papers.html import to_html
from safeconduct.edges.papers.meeting import meeting_paper
from safeconduct.edges.papers.pdf import to_pdf
from safeconduct.edges.papers.person import person_paper

__all__ = [
    "Paper",
    "agreement_paper",
    "compliance_paper",
    "disclosure_paper",
    "meeting_paper",
    "person_paper",
    "to_html",
    "to_pdf",
]
