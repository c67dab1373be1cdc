"""What needs what, and who applies what when: the way up of a cluster, from real references alone.

``needs`` finds each need of an object or of a chart; ``carriers`` says which Application applies an
object, and in which wave; ``graph`` joins the two, and finds what cannot come up; ``stages`` tells
the order to people. All are derived from a model: ``model.derived(graph)``.
"""
