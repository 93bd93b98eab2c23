"""The commands of `watchdesk`, by what they are for. What is slow to load is imported where it is used."""
