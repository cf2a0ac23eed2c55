"""An import-linter contract that import-linter lacks: a package, and the only things of ours it may import.

A `forbidden` contract lists what must not be imported, so it misses every module that is added later; this one
lists what may be. It looks at direct imports of our own packages; the standard library and other people's packages
are the business of `forbidden` contracts.
"""

from dataclasses import dataclass
from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output


@dataclass(frozen=True)
class Violation:
    importer: str
    imported: str
    line: int


class Only(Contract):
    """`modules`, with everything below them, import nothing of ours but themselves and `may_import`.

    `package.__init__` in `may_import` allows that module only, not what is below it. `exempt` lists modules below `modules` that may import anything.
    A module that does not exist is an error: a contract about nothing could never be broken.
    """

    type_name = "only"

    modules = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField())
    exempt = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        subjects = cast(list[str], self.modules)
        allowed = [*subjects, *cast(list[str], self.may_import)]
        exempt = cast(list[str] | None, self.exempt) or []
        missing = sorted(set(subjects + exempt) - graph.modules)
        if missing:
            raise ValueError(f"contract about modules that do not exist: {', '.join(missing)}")
        roots = {name.partition(".")[0] for name in graph.modules if not graph.is_module_squashed(name)}
        ours = {name for name in graph.modules if name.partition(".")[0] in roots}
        violations = [
            Violation(importer, imported, _line(graph, importer, imported))
            for importer in sorted(ours)
            if any(_within(importer, subject) for subject in subjects)
            and not any(_within(importer, name) for name in exempt)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) & ours)
            if not any(_allows(name, imported) for name in allowed)
        ]
        return ContractCheck(kept=not violations, metadata={"violations": violations})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for violation in cast(list[Violation], check.metadata["violations"]):
            output.print_error(
                f"- {violation.importer} -> {violation.imported} (l.{violation.line})", bold=False
            )


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _allows(name: str, imported: str) -> bool:
    package, init, _ = name.partition(".__init__")
    return imported == package if init else _within(imported, package)


def _line(graph: grimp.ImportGraph, importer: str, imported: str) -> int:
    details = graph.get_import_details(importer=importer, imported=imported)
    return details[0]["line_number"] if details else 0
