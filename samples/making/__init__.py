"""Makes the sample reports and what is expected of them, out of the files in `sources/`.

    source    one source file -> Source: facts of the report, and its blocks
    layout    Source -> pages, with a structure tree as a word processor writes it
    pdf       pages -> the bytes of a PDF, always the same for the same source
    plain     Source -> plain text, Markdown or HTML
    expected  Source and pages -> the golden tables

Only the standard library is used. Nothing here reads a report: the golden tables come from the
sources, so that they can disagree with a program that reads the reports.
"""
