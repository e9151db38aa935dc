"""What anybody can check for themselves, trusting no node: whole logs, and evidence packs."""

from safeconduct.core.audit.check import CHUNK, Audit, Chunk, LogAudit, LogFile, audit_logs, check_chunk
from safeconduct.core.audit.pack import (
    FORMAT,
    PACK_BYTES_MAX,
    Delivery,
    Pack,
    PackLog,
    PackReceipt,
    PackReport,
    PackStatement,
    sign_pack,
    text,
    verify_pack,
)

__all__ = [
    "CHUNK",
    "FORMAT",
    "PACK_BYTES_MAX",
    "Audit",
    "Chunk",
    "Delivery",
    "LogAudit",
    "LogFile",
    "Pack",
    "PackLog",
    "PackReceipt",
    "PackReport",
    "PackStatement",
    "audit_logs",
    "check_chunk",
    "sign_pack",
    "text",
    "verify_pack",
]
