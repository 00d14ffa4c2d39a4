"""What the studio shows of a protocol as pictures, pages and papers. Nothing here reads a concern."""
