"""The one helper that makes any value safe to stand in a page (pure).

Angle brackets, ampersand and both quotes end a tag or an attribute; backtick, dollar and braces
begin something inside a JavaScript template literal, which is what folium's popups are; a
backslash hides the next character in any of them. As entities they are only text.
"""

# A spreadsheet takes a cell that begins so for a formula; the apostrophe makes it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ENTITIES = str.maketrans({c: f"&#{ord(c)};" for c in "&<>\"'`${}\\"})


def escaped(value: object) -> str:
    """Return the value's text with every character that could mean something as an entity."""
    return str(value).translate(_ENTITIES)


def harmless(value: object) -> object:
    """Return a value of a table as a spreadsheet reads it and runs nothing."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
