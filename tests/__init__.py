"""Tests of safeconduct."""
