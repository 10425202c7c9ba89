# Runs the cnn tool from this checkout on Windows; builds it first where something changed. Needs the .NET 10 SDK.
# ./cnn.ps1 --help lists the commands. An NVIDIA card: $env:TorchRuntime = 'cuda-windows' before the first call.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$tool = Join-Path $root 'artifacts/bin/Cli/release/cnn.dll'
$made = Join-Path $root 'artifacts/tool.runtime'
$runtime = if ($env:TorchRuntime) { $env:TorchRuntime } else { 'cpu' }
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Write-Error 'The .NET 10 SDK (dotnet) is not on PATH. Install it and run this again.' }
$changed = -not (Test-Path $tool) -or -not (Test-Path $made) -or (Get-Content $made) -ne $runtime
if (-not $changed) {
    $built = (Get-Item $made).LastWriteTimeUtc
    $changed = $null -ne (Get-ChildItem (Join-Path $root 'src'), (Join-Path $root 'build'), (Join-Path $root '*.props'), (Join-Path $root '*.targets') -Recurse -File |
        Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}
if ($changed) {
    [Console]::Error.WriteLine('cnn: building (the first time it fetches libtorch, 130 MB)')
    $begun = Get-Date
    $output = dotnet build (Join-Path $root 'src/Cli/Cli.csproj') -c Release -v q -clp:ErrorsOnly --nologo 2>&1
    if ($LASTEXITCODE -ne 0) { $output | Out-Host; exit 1 }
    Set-Content $made $runtime
    (Get-Item $made).LastWriteTime = $begun
}
dotnet $tool @args
exit $LASTEXITCODE
