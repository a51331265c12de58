"""One case per reported number: the workflow, proposals, second signatures, blocks.

Not here: what citizens wrote (complaints), what operators receive (blocklists).
"""
