"""The demonstration district: real outline, rivers and names; everything else from a seed."""
