"""Official procedures: records of the national portal, imported beside the reviewed course material and told apart from it."""
