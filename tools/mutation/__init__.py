"""``make mutation``: breaks the rules' good examples field by field, and counts what is noticed.

docs/decisions/0012-mutants-of-the-rules.md says why it is counted so:

- A **guarding field** is a leaf of the good example (a scalar, an empty map or list; or one that
  the bad example alone has) that the rule reads, and in which the two examples differ, or of which
  some other value is a finding. ``kind`` and ``metadata.name`` are none, because another value
  there makes another object; ``apiVersion`` and ``metadata.namespace`` only where they differ.
- Its **mutants** are the good example with that field deleted, with its entry of a list dropped, or
  with another value: what the bad example has there; of a boolean the other one; of a number 0,
  less, more and a huge one; of a text another name, nothing, a wildcard, a very long one; what
  another field of the same name holds; and what is in the bad example alone.
- The field is **caught** if at least one of its mutants is a finding of this very rule. Not all
  have to be: another name may be as good as the first, and then is no fault.
- A field that **conditions** the rule is not counted: not one of its mutants is a finding, but with
  another value the bad example loses one. It says whether the rule applies.
- A field is read **in vain** where the rule asks for it, and no value of it decides anything in
  either example. It is not counted, but told: the example may hold too much, or the rule see too
  little.

``caught.json`` holds how many fields each rule has caught. One that catches fewer has become
weaker, even if it no longer reads what it misses; ``--accept`` writes the file anew.
"""
