"""What an auditor must read: pure functions and values, no clock, disk, socket, thread or chance."""
