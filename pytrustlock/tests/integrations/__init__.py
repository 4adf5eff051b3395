"""Tests of what starts the command."""
