# pyarrow carries no types, and makes much of what it has when it is imported; its names are taken as they are written.
from typing import Any

def __getattr__(name: str) -> Any: ...
