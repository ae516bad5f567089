"""How secret a row is: a field of every layer that its file need not name (pure).

Whoever sees the row sees it, so that who hands a file on knows what is in it.
"""

SECRECY = {"name": "secrecy", "zh": "密级", "en": "Secrecy", "export": "MJ"}
# From the least to the strictest.
SECRECY_CODES = {
    "public": {"zh": "公开", "en": "Public"},
    "internal": {"zh": "内部", "en": "Internal"},
    "restricted": {"zh": "受限", "en": "Restricted"},
}
