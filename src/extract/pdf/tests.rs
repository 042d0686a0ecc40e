//! Claims about reading PDFs.
