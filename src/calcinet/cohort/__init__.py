"""An archive of many films: headers to an index, the films that are wanted examined by many processes, tables out."""
