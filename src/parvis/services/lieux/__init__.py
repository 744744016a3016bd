"""When the town hall, the library, the pool and the other public places open."""
