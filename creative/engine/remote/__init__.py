"""An engine on another machine: any server that speaks the OpenAI protocol."""
