"""Registers: files read, rows checked, records stored."""
