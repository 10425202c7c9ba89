# Runs the cnn tool from this checkout on Windows, on the published packages; builds it first where sources changed.
# ./cnn.ps1 --help lists the commands. An NVIDIA card: $env:TorchRuntime = 'cuda-windows' before the first call.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$tool = Join-Path $root 'artifacts/packages-packages/bin/Cli/release/cnn.dll'
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Write-Error 'The .NET 10 SDK (dotnet) is not on PATH. Install it and run this again.' }
$changed = -not (Test-Path $tool)
if (-not $changed) {
    $built = (Get-Item $tool).LastWriteTimeUtc
    $changed = $null -ne (Get-ChildItem (Join-Path $root 'src') -Recurse -File | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}
if ($changed -or $args[0] -eq 'setup') {
    $env:MLNet = 'packages'; $env:Torch = 'packages'
    $output = dotnet build (Join-Path $root 'src/Cli/Cli.csproj') -c Release -v q -clp:ErrorsOnly 2>&1
    if ($LASTEXITCODE -ne 0) { $output | Out-Host; exit 1 }
}
if ($args[0] -eq 'setup') { dotnet $tool doctor } else { dotnet $tool @args }
exit $LASTEXITCODE
