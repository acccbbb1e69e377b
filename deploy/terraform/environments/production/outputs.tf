output "platform" {
  description = "Addresses and names of everything that was made: modules/platform/outputs.tf says which."
  value       = module.platform
}
