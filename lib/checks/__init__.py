"""Judges plain manifests: schemas, policy, references, order, secrets; ours or anyone's.

How a rule is written. A family is a module of ``lib.checks.rules`` that ends with ``RULES``; the
catalogue lists the families. A rule is data and one function::

    def _no_lasting_token(secret: Document, model: Model) -> Iterator[Problem]:
        type_ = secret.at("type")
        if type_.value == "kubernetes.io/service-account-token":
            yield type_.problem("a token of a ServiceAccount that never ends")

    Rule(id="S10", title=..., severity=Severity.P1, reason=..., source=..., fix=...,
         exempt=Exempt.ANNOTATION, types=("Secret",), subjects=documents("Secret"),
         check=_no_lasting_token, good="<YAML>", bad="<YAML>")

- ``subjects`` gives what the rule examines, and each counts: ``documents("Kind.group", ...)``,
  ``pods``, ``containers``, or a function of the model. Give everything of the kind; decide in
  ``check`` whether it matters. A rule that examined nothing although one of ``types`` is there is
  a finding (G20). A type is ``Kind.group``, and the kind alone in the core group.
- ``check(subject, model)`` yields problems and has no other effect: no disk, no clock. It must not
  raise, whatever the manifest holds: walk with ``Place`` (``lib.checks.place``), where a value of
  an unexpected type is absent, and every problem gets its pointer: ``place.at("spec", 0, "x")``,
  ``.get(...)``, ``.text(...)``, ``.mapping(...)``, ``.items(...)``, ``.texts(...)`` (of strings,
  such as labels), ``.each(...)`` (a Place per list entry), ``.fields(...)`` (key and Place),
  ``.leaves()`` and ``.maps()`` (all below), ``.problem(message, fix=...)``. A Document has ``at``,
  ``each``, ``text``, ``root`` (its Place), ``type``, ``kind``, ``group``, ``version``,
  ``namespace``, ``name``, ``labels``, ``annotations``, ``folder``, ``cluster``, ``file``. Pods and
  containers are Places.
- ``model`` finds: ``of("Secret")``, ``get("Service", namespace, name)``, ``in_namespace``,
  ``in_folder`` (of an Application's path), ``same``, ``namespaces``, ``pods``, ``pods_in``,
  ``selected(namespace, selector)``, ``behind(service)``. All are look-ups: never search
  ``documents`` per subject. An index of your own: ``model.derived(function_of_model)``.
- Before you call a thing missing: ``model.decides("Service", namespace)``. A folder of anyone's
  may hold only a part of a cluster. ``model.cluster`` holds the cluster's facts, or is None.
  What charts bring is declared (``provided``), and ``get`` and ``selected`` find it.
  Files for the nodes, which are no objects, are ``model.node_files``.
- What more than one rule needs stands beside this module, so look there first: ``kinds`` (types),
  ``applications``, ``projects``, ``charts``, ``contents`` (keys of Secrets), ``certificates``,
  ``hosts``, ``middlewares``, ``network_policies``, ``ports``, ``nearest`` (did you mean).
- A value that must not be shown: give its sha256 as ``fingerprint``, and let the message tell where
  it is instead of what; an exception in the file then has to name the fingerprint.
- A family of more than 250 lines is a package, whose ``__init__`` joins the ``RULES`` of its
  modules; its examples may stand in modules beside them.
- Good and bad are the rule's tests and its documentation. More cases: tests/checks/rules/,
  with ``findings(id, yaml, ...)`` of tests/checks/judging.py. ``fix`` says what to do, ``source``
  where the reason is written; both are shown to people. ``make docs`` writes docs/policies.md.
"""
