# cmake --install: programs (each folder's own INSTALL), released bundles, protos,
# and a package so that another project says find_package(giot) and links giot::client, or giot::settlement_client.
install(DIRECTORY models/released/ DESTINATION ${CMAKE_INSTALL_DATADIR}/giot/models COMPONENT models)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(GIOT_COMPONENTS STREQUAL "all")
  include(CMakePackageConfigHelpers)
  set(_giot_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/giot)
  set(_giot_include_dir ${CMAKE_INSTALL_INCLUDEDIR}/giot)

  foreach(_giot_library contract search uncertain freshness proto client ledger_proof ledger_state settlement_client)
    target_include_directories(giot_${_giot_library} PUBLIC $<INSTALL_INTERFACE:${_giot_include_dir}>)
    set_target_properties(giot_${_giot_library} PROPERTIES EXPORT_NAME ${_giot_library})
    install(TARGETS giot_${_giot_library} EXPORT giot-targets)
  endforeach()
  foreach(_giot_library contract search uncertain freshness client ledger_proof ledger_state settlement_client)
    get_target_property(_giot_headers giot_${_giot_library} GIOT_HEADERS)
    foreach(_giot_header IN LISTS _giot_headers)
      file(RELATIVE_PATH _giot_path ${PROJECT_SOURCE_DIR} ${_giot_header})
      get_filename_component(_giot_path ${_giot_path} DIRECTORY)
      install(FILES ${_giot_header} DESTINATION ${_giot_include_dir}/${_giot_path})
    endforeach()
  endforeach()
  install(DIRECTORY ${PROJECT_BINARY_DIR}/proto/generated/giot DESTINATION ${_giot_include_dir} FILES_MATCHING PATTERN "*.pb.h")
  install(DIRECTORY proto DESTINATION ${CMAKE_INSTALL_DATADIR}/giot FILES_MATCHING PATTERN "*.proto")

  install(EXPORT giot-targets NAMESPACE giot:: DESTINATION ${_giot_package_dir})
  configure_package_config_file(cmake/giot-config.cmake.in ${PROJECT_BINARY_DIR}/giot-config.cmake
    INSTALL_DESTINATION ${_giot_package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/giot-config-version.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/giot-config.cmake ${PROJECT_BINARY_DIR}/giot-config-version.cmake
                cmake/FindSodium.cmake
    DESTINATION ${_giot_package_dir})
endif()
