"""Adding, changing and deleting locales. Every change of a fallback chain is announced in its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale

from locales.catalogue import LocaleCatalogue, locale_catalogue
from locales.dependants import ChainsChanged, get_dependants
from locales.fallback import starting_next
from locales.models import LocaleProfile
from locales.tags import supported_tag


@contextmanager
def announcing_chains() -> Iterator[None]:
    """Run the block in one transaction and tell the dependants which chains it changed, if any."""
    with transaction.atomic():
        # Two changes at once could close a circle that neither of them sees: one after the other.
        # Whoever writes rows that name a locale is not kept waiting (no_key), or it would wait for us and we for it.
        list(Locale.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        before = locale_catalogue()
        yield
        codes = changed_chains(before, locale_catalogue())
        if codes:
            get_dependants().apply(ChainsChanged(codes))


def changed_chains(before: LocaleCatalogue, after: LocaleCatalogue) -> frozenset[str]:
    """Return the codes of all locales that are not, or not with the same chain and languages, in both."""
    served_before = {(entry.code, entry.chain, entry.languages) for entry in before.by_code.values()}
    served_after = {(entry.code, entry.chain, entry.languages) for entry in after.by_code.values()}
    return frozenset(code for code, *_ in served_before ^ served_after)


def ensure_locale(tag: str) -> Locale:
    """Return the locale with this tag; it is added, with the next locale that a new one starts with, if missing.

    Raises:
        MalformedTag: the text is not a language tag.
        UnknownLanguage: CLDR has no data for it.
    """
    code = supported_tag(tag)
    existing = Locale.objects.filter(language_code=code).first()
    if existing:
        return existing
    with announcing_chains():
        locale, is_new = Locale.objects.get_or_create(language_code=code)
        if is_new:
            _save_profile(starting_profile(locale))
    return locale


def set_next(locale: Locale, next_locale: Locale | None) -> None:
    """Let ``next_locale`` be served where ``locale`` has no text; None ends the chain.

    Raises:
        ValidationError: the chain would go round in a circle, or the default locale would get a next one.
    """
    profile = profile_of(locale)
    profile.next = next_locale
    save_locale(locale, profile)


def save_locale(locale: Locale, profile: LocaleProfile) -> None:
    """Save a locale, new or changed, with its profile.

    Raises:
        ValidationError: as for ``set_next``; also an unknown time zone.
    """
    with announcing_chains():
        locale.save()
        profile.locale = locale
        _save_profile(profile)


def delete_locale(locale: Locale) -> None:
    """Delete a locale; those that had it as their next get the one that a new locale starts with.

    Raises:
        ValidationError: it is the default locale.
        ProtectedError: something is written in it.
    """
    if locale_catalogue().by_id[locale.pk].is_default:
        raise ValidationError(_("The default locale cannot be deleted."))
    with announcing_chains():
        for profile in LocaleProfile.objects.filter(next=locale).select_related("locale"):
            profile.next = _next_without(locale, profile.locale)
            _save_profile(profile)
        locale.delete()


def chains_through(locale: Locale) -> ChainsChanged:
    """Return the change that another next locale, or the end, of ``locale`` would be."""
    entries = locale_catalogue().by_code.values()
    return ChainsChanged(frozenset(entry.code for entry in entries if locale.language_code in entry.chain))


def profile_of(locale: Locale) -> LocaleProfile:
    """Return the profile of a locale; for a locale added elsewhere a new one, not yet saved."""
    found = LocaleProfile.objects.filter(locale=locale.pk).select_related("locale", "next").first()
    return found or starting_profile(locale)


def starting_profile(locale: Locale) -> LocaleProfile:
    """Return the profile that a new locale starts with, not yet saved."""
    catalogue = locale_catalogue()
    code = starting_next(locale.language_code, catalogue.by_code, default=_default_code(catalogue))
    return LocaleProfile(locale=locale, next=Locale.objects.get(language_code=code) if code else None)


def _next_without(deleted: Locale, locale: Locale) -> Locale | None:
    """Return the next locale that ``locale`` starts with once ``deleted`` is gone, never one that leads back."""
    catalogue = locale_catalogue()
    leads_back = [entry.code for entry in catalogue.by_code.values() if locale.language_code in entry.chain]
    codes = catalogue.by_code.keys() - {deleted.language_code, *leads_back}
    code = starting_next(locale.language_code, codes, default=_default_code(catalogue))
    return Locale.objects.get(language_code=code) if code else None


def _default_code(catalogue: LocaleCatalogue) -> str | None:
    return next((entry.code for entry in catalogue.by_code.values() if entry.is_default), None)


def _save_profile(profile: LocaleProfile) -> None:
    """Validate against the locales as they stand in this transaction, then save."""
    if profile.next and locale_catalogue().by_id[profile.locale_id].is_default:
        raise ValidationError({"next": _("The default locale is where chains end: it has no next locale.")})
    profile.full_clean()
    profile.save()
