from ccwall.cli import main

main()
