"""Updates in: fetched or taken at the door, a line for each chat, each update seen through."""
