"""The screens on which connections are made, limited, given keys, and cut off."""
