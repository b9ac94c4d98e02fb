"""What a planar bone scan shows: body, limbs segment by segment, bone, and what is neither."""
