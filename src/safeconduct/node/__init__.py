"""The shell: the only place with clock, disk, network and chance. Edges use what is listed here."""
