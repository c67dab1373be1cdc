"""The rules, a module per family; each ends with ``RULES``, in the order of the ids."""
