"""How the archive's answers look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from monitor.commands.context import Context, now
from monitor.commands.sourcetable import span
from monitor.storage.search import Found, TimelineEntry
from monitor.storage.show import AlertView, ArticleView, DecisionView, DevelopmentView
from monitor.storage.show_changes import ChangeView, EpisodeView
from monitor.types import REPORTED, Claim, Feedback

Shown = ArticleView | DevelopmentView | AlertView | DecisionView
Facts = Iterable[tuple[str, object]]


def utc(moment: datetime | None) -> str:
    """A moment for people."""
    return f"{moment:%Y-%m-%d %H:%M}Z" if moment else "not known"


def print_found(context: Context, found: Sequence[Found]) -> None:
    """The articles of a search, each with the words around what matched."""
    if not found:
        context.err.print("Nothing was found.")
    for each in found:
        topics = f"  [{', '.join(each.topics)}]" if each.topics else ""
        context.say(each.title or "(no title)", "bold")
        context.say(f"  {utc(each.published or each.seen)}  {each.source_name} ({each.language or '?'}){topics}")
        context.say(f"  {each.snippet}")
        context.say(f"  article {each.article_id}  {each.url or ''}", "dim")


def print_timeline(context: Context, entries: Sequence[TimelineEntry]) -> None:
    """Developments, one a row."""
    table = Table("first seen", "what", "who and where", "told first by", "reports", "alert", box=None)
    table.add_column("development", overflow="fold")
    for each in entries:
        told = f"{each.reports}, {each.independent_sources} independent"
        table.add_row(
            utc(each.first_seen),
            what(each),
            whom(each),
            each.first_source,
            told,
            each.alert_state or "none",
            each.development_id,
        )
    context.print_table(table, empty="Nothing is known on this topic yet.")


def whom(entry: TimelineEntry) -> str:
    """Who and where; of a story, how it was told first."""
    if entry.stage == REPORTED:
        return entry.title or entry.object
    return f"{entry.subject} · {entry.object}"


def what(entry: TimelineEntry) -> str:
    """The stage, with its detail if it has one."""
    return f"{entry.stage} ({entry.detail})" if entry.detail else entry.stage


def tries(count: int) -> str:
    """How often something was tried."""
    return "one attempt" if count == 1 else f"{count} attempts"


def print_thing(context: Context, shown: Shown) -> None:
    """One thing with all that belongs to it."""
    if isinstance(shown, ArticleView):
        _article(context, shown)
    elif isinstance(shown, DevelopmentView):
        _development(context, shown)
    elif isinstance(shown, AlertView):
        _alert(context, shown)
    else:
        _decision(context, shown)


def _facts(context: Context, facts: Facts) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        if value not in (None, ""):
            table.add_row(name, Text(str(value)))
    context.out.print(table)


def _article(context: Context, article: ArticleView) -> None:
    current = article.versions[-1]
    context.say(current.title or "(no title)", "bold")
    _facts(
        context,
        (
            ("article", article.article_id),
            ("source", f"{article.source_name} ({article.source_id}), {article.tier}"),
            ("kind", f"{article.kind}, language {current.language or 'not known'}"),
            ("address", current.url),
            ("author", current.author),
            ("published", utc(current.published)),
            ("seen", utc(current.seen)),
            ("versions", ", ".join(f"{each.version} at {utc(each.seen)}" for each in article.versions)),
            ("flags", ", ".join(current.flags)),
            ("topics", ", ".join(article.topics) or "relevant to none"),
        ),
    )
    context.say(f"\n{current.text}\n")
    for each in article.decisions:
        _decision(context, each)


def _development(context: Context, view: DevelopmentView) -> None:
    known = view.development
    context.say(f"{what(known)}: {whom(known)}", "bold")
    _facts(
        context,
        (
            ("development", known.development_id),
            ("topic", known.topic),
            ("event", known.event_date),
            ("first seen", f"{utc(known.first_seen)}, {known.first_source} ({known.first_tier})"),
            ("published", utc(known.published)),
            ("says", f"{known.speaker or 'the article itself'} ({known.standing})" if known.standing else None),
            ("quote", known.quote),
            ("address", known.url),
            (
                "alert",
                f"{known.alert_state} {utc(known.alerted_at) if known.alerted_at else ''}"
                if known.alert_state
                else "none",
            ),
            ("feedback", _feedback(view.feedback)),
        ),
    )
    table = Table("later by", "source", "independent", "language", "title", "article", box=None)
    for report in view.reports:
        independent = "first" if report.first else "yes" if report.independent else f"tells after {report.origin}"
        table.add_row(
            span(report.late), report.source_name, independent, report.language or "?", report.title, report.article_id
        )
    context.out.print(table)
    if view.changes:
        context.say("\nWhat became of it:")
        for change in view.changes:
            context.say(f"  {utc(change.seen)}  {change.outcome}{_change(change)}, {change.source_name}")
            context.say(f"      {change.speaker or 'the article itself'}: {change.quote}", "dim")
    context.say(f"\nIts episode, {_ending(view.within)}:")
    print_timeline(context, view.episode)


def _change(change: ChangeView) -> str:
    """What changed, and whether the development still stands."""
    told = f" of its {change.fact}: {change.now}, was {change.was}" if change.fact else ""
    return told if change.stands else f"{told}; nobody stands for it any more"


def _ending(episode: EpisodeView) -> str:
    """When an episode closed or will close, and why."""
    if episode.closes is None:
        return f"open since {utc(episode.opened)}"
    done = episode.closes <= now()
    verb = "closed" if done else "which closes, unless more is reported,"
    return f"opened {utc(episode.opened)}, {verb} {utc(episode.closes)} ({episode.because})"


def _alert(context: Context, view: AlertView) -> None:
    alert = view.alert
    context.say(alert.headline, "bold")
    receipt = f"{view.receipt_channel} {view.receipt_ts}" if view.receipt_ts else None
    _facts(
        context,
        (
            ("alert", f"{view.id}, {alert.key}"),
            ("topic", f"{alert.topic_name} ({alert.topic})"),
            (
                "state",
                f"{view.state} after {tries(view.attempts)}" + (f": {view.last_error}" if view.last_error else ""),
            ),
            ("channel", alert.channel),
            ("receipt", receipt),
            ("raised", utc(view.created_at)),
            ("sent", utc(view.sent_at) if view.sent_at else "not yet"),
            ("stage", f"{alert.stage_label}; {alert.changed}" if alert.changed else alert.stage_label),
            ("event", alert.event_date),
            ("first seen", utc(alert.first_seen)),
            ("says", f"{alert.speaker or 'the article itself'} ({alert.standing})"),
            ("quote", alert.quote),
            ("address", alert.url),
            ("matched", alert.why_matched),
            ("new", alert.why_new),
            ("since then", "; ".join(f"{mended.text} ({utc(mended.at)})" for mended in alert.mends)),
            ("reports", f"{view.said_reports} said, {view.said_independent} independent, {view.replies} in the thread"),
            ("feedback", _feedback(view.feedback)),
        ),
    )


def _feedback(said: Sequence[Feedback]) -> str:
    """What people thought of it, the verdict that counts first."""
    return "; ".join(
        f"{each.verdict.words} ({each.given_by}, {utc(each.at)})" + (f": {each.note}" if each.note else "")
        for each in reversed(said)
    )


def _decision(context: Context, view: DecisionView) -> None:
    claim = view.decision.claim
    said = " · ".join(part for part in (claim.topic, claim.stage, claim.subject, claim.object) if part)
    context.say(f"{view.decision.outcome}: {said}", "bold")
    _facts(
        context,
        (
            ("decision", view.claim_id),
            ("because", view.decision.reason),
            ("development", view.decision.development),
            ("article", f"{view.article_id} version {view.version}, {view.source_name}: {view.title}"),
            ("sentence", f"{claim.evidence.sentence} ({claim.evidence.position})"),
            ("matched", matched(claim)),
            ("bound", claim.evidence.bound_by),
            ("says", f"{claim.attribution.speaker or 'the article itself'} ({claim.attribution.standing})"),
            ("first told by", claim.attribution.origin),
            ("event", claim.event_date),
            ("weak", "waits for a second report before it may count alone" if claim.weak else None),
            ("excluded", claim.excluded),
        ),
    )


def matched(claim: Claim) -> str:
    """What in the sentence stood for what."""
    return ", ".join(f"{span.label}: {span.text!r}" for span in claim.evidence.spans)
