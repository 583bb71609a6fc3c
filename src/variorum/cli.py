"""The command line: names, options and help; no logic. Every error becomes one line on stderr and an exit code.

Nothing but click is imported before a command runs, so that help is there at once.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any

import click

from variorum import __version__
from variorum.errors import VariorumError


class Program(click.Group):
    """The program: turns what goes wrong into one line and an exit code."""

    def main(self, args: Any = None, prog_name: str | None = None, *rest: Any, **extra: Any) -> Any:
        """Run the command named by `args` (the command line where None) and exit; the program is called variorum, however it was started."""
        del prog_name
        given = list(sys.argv[1:] if args is None else args)
        debug = "--debug" in given
        if isinstance(sys.stdout, io.TextIOWrapper):  # statements come in all scripts, whatever the locale says
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        try:
            code = super().main(given, "variorum", *rest, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (KeyboardInterrupt, click.Abort):
            code = _tell_interruption()
        except VariorumError as error:
            if debug:
                raise
            click.echo(f"variorum: error: {_one_line(error)}", err=True)
            code = error.exit_code
        except BrokenPipeError:
            # Who read our output had enough. Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        except SystemExit:
            code = 0  # click's answer to a reader that had enough
        except Exception as error:
            if isinstance(error, RuntimeError) and "query interrupted" in str(error).lower():
                click.echo(err=True)  # DuckDB caught Ctrl-C before click could; the line of ^C ends here as it does there
                sys.exit(_tell_interruption())
            if debug:
                raise
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                click.echo("variorum: error: the output cannot be written: the disk is full; make room, or write elsewhere", err=True)
                sys.exit(1)
            click.echo(f"variorum: error: {type(error).__name__}: {_one_line(error)}; this is a defect of the program; --debug shows where", err=True)
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


def _tell_interruption() -> int:
    click.echo("variorum: interrupted; give the same command again and it goes on where it was", err=True)
    return 130


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", prog_name="variorum", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="On an error, show where in the program it happened.")
def main(debug: bool) -> None:
    """Reads piles of public statements and shows which share text, what each version changed and who had it first.

    Every answer points at exact characters of the source. Nothing leaves this machine.
    """


def _debug(command: Any) -> Any:
    """Let a command take --debug too; `Program.main` looks for it."""
    return click.option("--debug", is_flag=True, expose_value=False, hidden=True)(command)


def _kinds(command: Any) -> Any:
    """Add the options for output that other programs read."""
    for kind, doc in (("csv", "Write CSV to standard output."), ("jsonl", "Write one JSON object a line."), ("json", "Write JSON to standard output.")):
        command = click.option(f"--{kind}", "kind", flag_value=kind, help=doc)(command)
    return command


def _thresholds(command: Any) -> Any:
    """Add the options that leave out what is weaker."""
    options = (
        ("series", int, "Families of so many series and more."),
        ("witnesses", int, "Families of so many witnesses and more."),
        ("rarity", float, "Spans of at least this rarity, in nats a word."),
        ("score", float, "Spans of at least this score, in nats."),
        ("similarity", float, "Spans of at least this similarity, 0 to 1."),
        ("letters", int, "Spans of so many letters and digits and more."),
    )
    for name, kind, doc in options:
        command = click.option(f"--min-{name}", type=kind, help=doc)(command)
    return command


def _reading(command: Any) -> Any:
    """Add the options that say which field of a row is what."""
    command = click.option("--metadata", type=click.Path(), help="CSV file with columns file (or name, id), date, series, title.")(command)
    for name, doc in (
        ("title", "holds the title"),
        ("series", "names the series, that is the publisher"),
        ("date", "holds the date"),
        ("text", "holds the text"),
        ("id", "names the statement; a dot steps into an object"),
    ):
        command = click.option(f"--{name}-field", help=f"Field of a row that {doc}. [default: {name}]")(command)
    return command


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--out", type=click.Path(), help="Folder of the corpus; default: NAME.variorum beside the first path.")
@click.option("--preset", type=click.Choice(["sensitive", "fast", "noisy", "reworked"]), default="sensitive", show_default=True, help="sensitive finds noisy copies too; fast costs less; noisy finds text with one letter in five misread; reworked is sensitive with --deep.")
@_reading
@click.option("--across-series", is_flag=True, default=None, help="Leave out what two statements of one series share.")
@click.option("--deep", is_flag=True, default=None, help="Also find passages that were reworded, shuffled, summed up or translated.")
@click.option("--strict", is_flag=True, help="Stop, with exit code 3, at the first file that fails.")
@click.option("--stop-after", metavar="STAGE", help="Stop after witnesses, foldings, fingerprints, spans, reworks or families.")
@click.option("--resume-from", metavar="STAGE", help="Do this stage and those after it again; take those before it as they are (with --out, no paths are needed).")
@click.option("--memory", metavar="SIZE", help="Memory for tables on their way, such as 512MB, 4GB or 2GiB; what is more goes to disk. [default: 2GiB]")
@click.option("--threads", type=int, help="Threads; 0: as many as the machine offers.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any other setting, such as max_df=50 or families.min_letters=80.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
@click.option("--example", is_flag=True, help="Copy the bundled example into ./variorum-example and trace it.")
@_debug
def trace(paths: tuple[str, ...], **options: Any) -> int:
    """Read statements, find every passage they share, group them into families, write a report.

    PATHS are folders (read whole), files or patterns: .txt .md .html .pdf .docx, and rows of .jsonl .csv .parquet. A run that was
    interrupted goes on when the same command is given again; what has not changed is not done again.
    """
    from variorum.commands import run_trace

    return run_trace(paths, options)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--to", "corpus", required=True, type=click.Path(), help="The corpus to add to.")
@_reading
@click.option("--preset", help="The preset of the corpus; another one is refused.")
@click.option("--strict", is_flag=True, help="Stop, with exit code 3, at the first file that fails; the corpus stays what it was.")
@click.option("--threads", type=int, help="Threads; 0: as many as the machine offers.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any other setting of the reading, such as encoding=cp1252.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
@_debug
def add(paths: tuple[str, ...], corpus: str, **options: Any) -> int:
    """Add statements to a corpus: only these files are read; families and passages keep their ids where members stay.

    A statement whose name and text are held is not added again. One of the same name with another text is a later version, NAME@2. Fields default to those the corpus was traced with. Until all is
    done the corpus is what it was; an adding that was interrupted goes on when the same command is given again.
    """
    from variorum.commands import run_add

    return run_add(paths, corpus, options)


@main.command()
@click.argument("sigla", nargs=-1, required=True)
@click.option("--from", "corpus", required=True, type=click.Path(), help="The corpus to remove from.")
@click.option("--threads", type=int, help="Threads; 0: as many as the machine offers.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
@_debug
def remove(sigla: tuple[str, ...], corpus: str, **options: Any) -> int:
    """Remove statements from a corpus, named by their sigla; no file of it holds their text any longer.

    Families and passages keep their ids where members stay. The files that the statements were read from are not touched.
    """
    from variorum.commands import run_remove

    return run_remove(sigla, corpus, options)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--in", "corpus", required=True, type=click.Path(), help="The corpus to look in.")
@click.option("--limit", type=int, default=20, show_default=True, help="At most this many stretches a statement; 0: all.")
@_thresholds
@_kinds
@_debug
def find(files: tuple[str, ...], corpus: str, **options: Any) -> int:
    """Show what of some texts is already in a corpus, and where.

    FILES are files of any readable format, folders or patterns; - reads standard input: one JSON object a line, answered as it comes, or one text. The corpus is opened once and is not changed.
    """
    from variorum.commands import run_find

    return run_find(files, corpus, options)


@main.command()
@click.argument("a")
@click.argument("b")
@click.option("--in", "corpus", type=click.Path(), help="The corpus that A and B are sigla in; without it they are files.")
@click.option("--deep", is_flag=True, help="Also find what was reworded, shuffled, summarised or translated.")
@click.option("--min-rarity", type=float, help="Spans of at least this rarity, in nats a word.")
@click.option("--min-score", type=float, help="Spans of at least this score, in nats.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any other setting of the matching or of deep mode, such as deep.min_characters=150.")
@click.option("--limit", type=int, default=20, show_default=True, help="At most this many spans, the strongest; 0: all.")
@_kinds
@_debug
def compare(a: str, b: str, **options: Any) -> int:
    """Show what two texts share, span by span, each with its kind, score and places.

    A and B are files of one text each; with --in they are two statements of a corpus, named by siglum or number.
    """
    from variorum.compare_commands import run_compare

    return run_compare(a, b, options)


@main.command()
@click.argument("corpus", type=click.Path())
@click.argument("item", required=False)
@click.option("--limit", type=int, default=20, show_default=True, help="At most this many families; 0: all.")
@click.option("--all", "marked", is_flag=True, help="Also the families marked as common.")
@_thresholds
@_kinds
@_debug
def show(corpus: str, item: str | None, **options: Any) -> int:
    """Show the families of a corpus, or one family or passage.

    ITEM is a family's rank, or the id of a family or passage (its beginning is enough). With thresholds, families are shown as they
    are without the spans below them; ranks and ids stay.
    """
    from variorum.commands import run_show

    return run_show(corpus, item, options)


@main.command()
@click.argument("items", nargs=-1, required=True)
@click.option("--in", "corpus", type=click.Path(), help="The corpus that holds the family or the witnesses.")
@click.option("--base", metavar="SIGLUM", help="The version whose order the loci follow. [default: the earliest copy held]")
@click.option("--three-way", nargs=2, metavar="A B", default=None, help="Only where A or B differs from the base, and which of them changed it.")
@click.option("--changes", "changes", is_flag=True, help="One list of what was changed, by kind, what alters meaning first.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="With --changes: only this kind, such as figure or date, or only where this of it changed, such as comparator or deadline; may be given several times.")
@click.option("--template", is_flag=True, help="For form letters: the text that most of them have, its slots, and what each sender added.")
@click.option("--collatex-json", "collatex", type=click.Path(allow_dash=True), metavar="FILE", help="Write the alignment table as CollateX's JSON; - writes to standard output.")
@click.option("--vertical", is_flag=True, help="CollateX's JSON by columns instead of by witnesses.")
@click.option("--tei", type=click.Path(allow_dash=True), metavar="FILE", help="Write TEI P5, parallel segmentation.")
@click.option("--graphml", type=click.Path(allow_dash=True), metavar="FILE", help="Write the variant graph as GraphML.")
@click.option("--nexus", type=click.Path(allow_dash=True), metavar="FILE", help="Write the readings where versions differ as NEXUS.")
@click.option("--phylip", type=click.Path(allow_dash=True), metavar="FILE", help="Write them as relaxed Phylip.")
@click.option("--distances", type=click.Path(allow_dash=True), metavar="FILE", help="Write the share of loci at which two versions differ, as CSV.")
@click.option("--csv", type=click.Path(allow_dash=True), metavar="FILE", help="Write the alignment as CSV, a row a locus; with --changes the changes, with --template what senders added, a row each.")
@click.option("--html", type=click.Path(allow_dash=True), metavar="FILE", help="Write one HTML file: changes first, the versions side by side, the apparatus.")
@click.option("--json", "as_json", is_flag=True, help="Write members, loci, moved blocks and wrappers as JSON to standard output.")
@click.option("--limit", type=int, default=100, show_default=True, help="At most this many loci; 0: all.")
@_debug
def collate(items: tuple[str, ...], **options: Any) -> int:
    """Show versions side by side: where they differ, what each has there, what was moved.

    ITEMS are files of any readable format, CollateX's JSON of witnesses among them; with --in, one family (rank or id) or several
    witnesses (sigla) of a corpus. The order in which they are named changes nothing but the default base.
    """
    from variorum.collate_commands import run_collate

    return run_collate(items, options)


@main.command()
@click.argument("items", nargs=-1, required=True)
@click.option("--in", "corpus", type=click.Path(), help="The corpus that holds the family or the witnesses.")
@click.option("--dates", type=click.Path(), metavar="CSV", help="Dates that go before those of the texts: a table with the columns siglum and date.")
@click.option("--root", metavar="SIGLUM", help="The version that all others come from, where it is known.")
@click.option("--dot", type=click.Path(allow_dash=True), metavar="FILE", help="Write the stemma as DOT; - writes to standard output.")
@click.option("--newick", type=click.Path(allow_dash=True), metavar="FILE", help="Write the trees as Newick, inner witnesses named.")
@click.option("--nexus", type=click.Path(allow_dash=True), metavar="FILE", help="Write the trees as NEXUS, with kind and support of each link.")
@click.option("--graphml", type=click.Path(allow_dash=True), metavar="FILE", help="Write nodes and links as GraphML.")
@click.option("--gexf", type=click.Path(allow_dash=True), metavar="FILE", help="Write them as GEXF with dates, for the time line of Gephi.")
@click.option("--csv", type=click.Path(allow_dash=True), metavar="FILE", help="Write the links as CSV.")
@click.option("--svg", type=click.Path(allow_dash=True), metavar="FILE", help="Draw it as SVG, left to right in time.")
@click.option("--html", type=click.Path(allow_dash=True), metavar="FILE", help="Write a page with the drawing and its table.")
@click.option("--tables", type=click.Path(), metavar="FOLDER", help="Write nodes, links, evidence, alternatives and second sources as CSV, a file each.")
@click.option("--json", "as_json", is_flag=True, help="Write nodes, links, alternatives and second sources as JSON to standard output.")
@_debug
def lineage(items: tuple[str, ...], **options: Any) -> int:
    """Show who had a text first, who took it from whom, and how sure that is.

    ITEMS are files of any readable format; with --in, one family (rank or id) or several witnesses (sigla) of a corpus. A lost source is one that is not
    among them but must have been; a question mark stands where it is open which of two was first.
    """
    from variorum.lineage_commands import run_lineage

    return run_lineage(items, options)


@main.command()
@click.argument("item")
@click.argument("other", required=False)
@click.option("--in", "corpus", required=True, type=click.Path(), help="The corpus that holds it; for an entry of the ledger also a file or folder.")
@click.option("--limit", type=int, default=5, show_default=True, help="At most this many spans of a pair or passage; 0: all.")
@click.option("--date", metavar="DATE", help="Date of a file's statement that bears none, as given to the ledger.")
@click.option("--lang", metavar="CODE", help="Language of a file, as given to the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")
@_debug
def explain(item: str, other: str | None, corpus: str, **options: Any) -> int:
    """Say why a span was kept or an entry stands in the ledger, and how sure it is.

    ITEM is a span's number, a passage's id, a witness, or an entry's id; OTHER is a second witness, for all that ties the two, or the witness
    that says the entry, so that not all need to be read again. `variorum show CORPUS FAMILY` names spans and passages, `variorum ledger` entries.
    """
    from variorum.commands import run_explain

    return run_explain(corpus, item, other, options)


@main.command()
@click.argument("corpus", type=click.Path())
@click.option("--out", type=click.Path(), help="The file to write; default: NAME-report.html in this folder.")
@click.option("--title", help="Heading of the report. [default: the name of the corpus]")
@click.option("--max-mb", type=float, help="Size the report stays under, in MB.")
@click.option("--max-lineages", type=int, help="Families whose lineage is drawn in it; 0: none.")
@click.option("--context", type=int, help="Characters shown before and after a passage.")
@_thresholds
@_debug
def report(corpus: str, out: str | None, **options: Any) -> int:
    """Write the report of a corpus again, with other settings of the report or above thresholds.

    Nothing is matched anew, and the report in the corpus's folder stays as it is.
    """
    from variorum.commands import run_report

    return run_report(corpus, out, options)


@main.command()
@click.argument("corpus", type=click.Path())
@click.option("--parquet", type=click.Path(), metavar="DIR", help="All tables as Parquet files.")
@click.option("--jsonl", type=click.Path(), metavar="DIR", help="All tables as JSON lines.")
@click.option("--csv", type=click.Path(), metavar="DIR", help="All tables as CSV files that spreadsheets open.")
@click.option("--passim", type=click.Path(), metavar="DIR", help="Families and pairs as passim's out.json and align.json.")
@_thresholds
@_debug
def export(corpus: str, **options: Any) -> int:
    """Write the tables of a corpus to a folder, in one format or several."""
    from variorum.commands import run_export

    return run_export(corpus, options)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this record type, such as figure or date.")
@click.option("--grade", type=click.Choice(["A", "B", "C"]), default="B", show_default=True, help="Lowest grade of the rules; C shows doubtful entries too.")
@click.option("--date", metavar="DATE", help="Date of statements that bear none; relative dates are counted from it.")
@click.option("--lang", metavar="CODE", help="Language of all statements: en, fr or es. [default: found by paragraph]")
@click.option("--id-field", help="Field of a row that names the statement. [default: id]")
@click.option("--text-field", help="Field of a row that holds the text. [default: text]")
@click.option("--date-field", help="Field of a row that holds the date. [default: date]")
@click.option("--counted", metavar="WORDS", help="Only values given for this, by date and publisher, such as --counted boats.")
@click.option("--addressee", metavar="WORDS", help="Only what is asked of this addressee, by date, such as --addressee council.")
@click.option("--differing", is_flag=True, help="Of a corpus: figures that differ inside one family.")
@click.option("--family", metavar="FAMILY", help="With --differing: this family alone, by rank or id.")
@click.option("--brat", type=click.Path(), metavar="DIR", help="Write the texts and their entries for the annotation tool brat; FILE.ann for one statement.")
@click.option("--web-annotation", type=click.Path(allow_dash=True), metavar="FILE", help="Write W3C Web Annotations (JSON-LD); - writes to standard output.")
@click.option("--claims", type=click.Path(allow_dash=True), metavar="FILE", help="Write figures, attributions and demands as schema.org claims (JSON-LD).")
@click.option("--schema", is_flag=True, help="Write the JSON Schema of one line of --jsonl, and read nothing.")
@_kinds
@_debug
def ledger(paths: tuple[str, ...], **options: Any) -> int:
    """List what each statement says: figures, dates and so on, each with its exact place.

    PATHS are files, folders or patterns of any readable format, - for standard input, or one corpus. Places count characters
    (Unicode code points) of the text as it was read, the end not included. A stretch in a language that is not read is listed as unread.
    """
    from variorum.ledger_commands import run_ledger

    return run_ledger(paths, options)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--against", required=True, type=click.Path(), metavar="FILE", help="CSV of what was observed: columns of SDMX-CSV, or time,value,low,high,published.")
@click.option("--mapping", type=click.Path(), metavar="FILE", help="CSV that says which figure belongs to which series: entry,counted,unit,series,factor,time.")
@click.option("--counted", metavar="WORDS", help="Instead of a mapping: what the table counts.")
@click.option("--unit", metavar="CODE", help="With --counted or alone: only figures of this unit, such as km, EUR or %.")
@click.option("--date", metavar="DATE", help="Date of statements that bear none.")
@click.option("--lang", metavar="CODE", help="Language of all statements: en, fr or es. [default: found by paragraph]")
@click.option("--grade", type=click.Choice(["A", "B", "C"]), default="B", show_default=True, help="Lowest grade of the figures.")
@click.option("--loose", type=float, default=1.5, show_default=True, help="A bound is loose where it is that many times what was observed, or the other way round.")
@_kinds
@_debug
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Hold figures of statements against a table: does each fit what was published by the statement's date?

    Answers: consistent, consistent but loose, within rounding, outside (by how much), not comparable, no data. Never true or false: what a
    figure counts, and whether the table counts the same, is for the reader.
    """
    from variorum.check_commands import run_check

    return run_check(paths, options)


@main.command()
@click.argument("corpus", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")
@_debug
def status(corpus: str, as_json: bool) -> int:
    """Show what was read, what failed and why, what each stage did and took."""
    from variorum.commands import run_status

    return run_status(corpus, as_json=as_json)


if __name__ == "__main__":
    main()


@main.command()
@click.argument("corpus", type=click.Path())
@click.option("--min-families", type=int, default=3, show_default=True, help="Leave out publishers and pairs that meet in fewer; 2 or more.")
@click.option("--max-q", type=float, default=1.0, show_default=True, help="Only pairs of this q or less: 0.05 leaves those whose order chance seldom gives.")
@click.option("--all", "marked", is_flag=True, help="Also the families marked as common.")
@click.option("--csv", type=click.Path(allow_dash=True), metavar="FILE", help="Write the pairs as CSV; - writes to standard output.")
@click.option("--graphml", type=click.Path(allow_dash=True), metavar="FILE", help="Write publishers and pairs as GraphML.")
@click.option("--gexf", type=click.Path(allow_dash=True), metavar="FILE", help="Write them as GEXF, for Gephi.")
@click.option("--json", "as_json", is_flag=True, help="Write publishers and pairs as JSON to standard output.")
@click.option("--limit", type=int, default=20, show_default=True, help="At most this many publishers and pairs; 0: all.")
@_debug
def publishers(corpus: str, **options: Any) -> int:
    """Show which publishers are early and which come after which, over all families.

    It rests on the order of dates alone and is set against chance: p is the probability of such an order if all were as likely, q is p corrected for
    the number of pairs. That one comes after another does not say that it took the text from it.
    """
    from variorum.lineage_commands import run_publishers

    return run_publishers(corpus, options)
