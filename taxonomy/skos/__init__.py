"""SKOS in and out. The only home of rdflib; the taxonomy's own rows know nothing of graphs.

A file becomes a graph (``files``), the graph a table of facts (``reading``), judged by ``checks``. Three tables of
facts, those of the last import, of the hub and of the new file, are merged (``merging``) and written (``importing``).
An export is the last imported graph with what changed since (``exporting``), so nothing is lost.
"""
