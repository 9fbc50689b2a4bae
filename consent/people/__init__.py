"""Who is on the roll: schools, groups, pupils, guardians, staff and their accounts."""
