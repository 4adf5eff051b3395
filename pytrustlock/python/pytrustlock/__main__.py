"""`python -m pytrustlock`: where the console script is not on the path."""

from pytrustlock._command import main

if __name__ == "__main__":
    raise SystemExit(main("python -m pytrustlock"))
