"""Where the studio keeps things: tables, repositories, transactions, migrations and backups.

Rows never leave this package; what comes out are the frozen values of creative.domain.
"""
