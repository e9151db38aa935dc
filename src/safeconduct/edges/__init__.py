"""Everything that touches the world. Each folder knows the node, none knows another; `main` puts them together."""
