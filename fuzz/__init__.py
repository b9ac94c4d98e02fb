"""Fuzzing of every entrance: bytes that nobody foresaw are refused with a sentence, quickly and in little memory."""
