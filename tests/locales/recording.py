"""A dependant that remembers what it was told, and which chains it found in the database then."""

from locales.catalogue import locale_catalogue


class RecordingDependants:
    told = []

    def counts(self, codes):
        return {code: 3 for code in codes if code == "de"}

    def impact(self, change):
        return {"items": len(change.codes)}

    def apply(self, change):
        chains = {entry.code: entry.chain for entry in locale_catalogue().by_code.values()}
        self.told.append((change.codes, chains))


class RefusingDependants(RecordingDependants):
    def apply(self, change):
        raise RuntimeError("The published store is closed.")
